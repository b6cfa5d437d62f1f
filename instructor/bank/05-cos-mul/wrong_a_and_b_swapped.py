"""a와 b의 역할을 바꿈: b로 나눔"""
def cos_mul(vectors, a, b, c):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    to_a, to_b, to_c = ((1 + unit @ unit[i]) / 2 for i in (a, b, c))
    score = to_a * to_c / (to_b + 0.001)
    score[[a, b, c]] = -np.inf
    return int(score.argmax())
