"""What others do when timers fall due at once: the same timers, effect, machine and run.

Each peer is a module that is its application, its worker's code and, run by itself, its scheduler:
``python -m tests.bench.peers.<name> COUNT UNIX_TIME``. It is told of its servers by the environment, and each timer
does the one thing of `given`. The settings are those that its handbook gives for losing nothing.
"""
