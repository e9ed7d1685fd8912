"""Reliability, shown: altered certificates, hostile inputs, killed runs, and identical bytes."""
