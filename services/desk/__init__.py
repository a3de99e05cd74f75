"""desk shows: pages for clerks, citizens, liaisons and leaders; accounts and sessions; no copy of tickets."""
