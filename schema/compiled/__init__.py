"""Compiled documents: a plan per operation that writes JSON text, breadth first. See the README."""
