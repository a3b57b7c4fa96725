"""Words with a slip in the name of an entry."""
