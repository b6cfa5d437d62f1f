"""겹치는 글자 수가 1 이상인 조각의 합을 개수로 나눔"""
def word_vector(hidden, offsets, start, end):
    total, n = np.zeros(hidden.shape[1]), 0
    for vector, (a, b) in zip(hidden, offsets):
        if min(b, end) - max(a, start) > 0:
            total, n = total + vector, n + 1
    return total / n
