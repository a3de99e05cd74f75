"""How events get from one service to another: outbox, broker, inbox, and the events that wait to be tried again."""
