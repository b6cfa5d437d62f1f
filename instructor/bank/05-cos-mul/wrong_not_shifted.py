"""코사인을 [0, 1]로 옮기지 않음: 음수 둘을 곱하면 양수가 됨"""
def cos_mul(vectors, a, b, c):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    score = (unit @ unit[b]) * (unit @ unit[c]) / (unit @ unit[a] + 0.001)
    score[[a, b, c]] = -np.inf
    return int(score.argmax())
