"""An article becomes part of a story."""
