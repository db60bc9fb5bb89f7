"""Processes to be killed: forked from one that has everything imported, so that each starts in no time."""

import multiprocessing

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["battery.kill", "battery.posting", "monitor.edges.telegram", "monitor.service"])
