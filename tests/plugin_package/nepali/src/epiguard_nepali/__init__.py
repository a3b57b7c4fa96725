"""Words of an invented village, in files beside this one."""
