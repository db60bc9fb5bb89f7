"""A page becomes links, or one article."""
