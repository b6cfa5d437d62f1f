"""길이로 나누지 않은 내적을 코사인으로 씀"""
def cos_mul(vectors, a, b, c):
    to_a, to_b, to_c = ((1 + vectors @ vectors[i]) / 2 for i in (a, b, c))
    score = to_b * to_c / (to_a + 0.001)
    score[[a, b, c]] = -np.inf
    return int(score.argmax())
