"""Words with a placeholder that the rule does not fill."""
