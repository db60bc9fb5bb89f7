"""Stories become an edition, and the edition becomes words."""
