"""What a program must know of Hangul to compare, order and inflect the two Koreans. Pure."""
