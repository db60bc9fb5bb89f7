"""Điểm Báo: reads news sites, keeps one campaign's articles, posts one digest a day."""

from importlib.metadata import version

__version__ = version("diembao")
