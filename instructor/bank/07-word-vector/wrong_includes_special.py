"""시작이 낱말 안에 있으면 고름: 맨 앞 낱말에 특수 토큰의 (0, 0)이 낌"""
def word_vector(hidden, offsets, start, end):
    return np.mean([vector for vector, (a, b) in zip(hidden, offsets) if start <= a < end or start < b <= end], axis=0)
