"""Words whose folder was forgotten."""
