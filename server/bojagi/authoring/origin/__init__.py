"""Which Korean a text is in: forms of the other Korean, why they matter, what stands for them."""
