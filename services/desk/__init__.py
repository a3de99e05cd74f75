"""desk shows: pages for clerks, citizens, liaisons, leaders and operators; accounts and sessions; no copy of tickets."""
