"""평균이 아니라 합을 돌려줌"""
def word_vector(hidden, offsets, start, end):
    return sum(vector for vector, (a, b) in zip(hidden, offsets) if a < end and b > start)
