"""A village with thirteen rules, as a plug-in package would write them: the workload of the benchmark."""
