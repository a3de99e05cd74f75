"""The commands of `bancheng`, a module each."""
