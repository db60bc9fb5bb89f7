"""Điểm Báo: reads news sites, keeps one campaign's articles, posts one digest a day."""

__version__ = "0.1.0"
