"""Pages read in processes that can be killed: a page made to hurt its reader costs only its reader."""
