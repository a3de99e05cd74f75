"""A whole house on a stepped clock, for the demonstration and for replaying letters: throwaway, and quick to start."""
