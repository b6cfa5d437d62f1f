"""끝을 들어가는 것으로 알고 이웃한 조각까지 고름"""
def word_vector(hidden, offsets, start, end):
    return np.mean([vector for vector, (a, b) in zip(hidden, offsets) if b > a and a <= end and b >= start], axis=0)
