"""The commands: `arguments` says how each is called and stays light, the other modules do the work."""
