"""What ought to have become of every ticket, worked out apart from the house: nothing of services/ or schemas/ is used.

days      which days are worked, and sums over them, window by window
duty      who sits at the window
house     a center file as plain data, and what the oracle reads in it
deadlines    one deadline: due times, revisions, marks
parts     who has which part of a ticket
history   the state machine of one ticket, with all its deadlines
"""
