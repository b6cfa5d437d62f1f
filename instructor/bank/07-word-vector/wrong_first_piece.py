"""첫 조각의 벡터만 씀"""
def word_vector(hidden, offsets, start, end):
    return next(vector for vector, (a, b) in zip(hidden, offsets) if a < end and b > start)
