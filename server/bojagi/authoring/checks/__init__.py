"""The checks: what a careful colleague would notice in a pack before anybody approves it."""
