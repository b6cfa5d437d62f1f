"""a, b, c를 답에서 빼지 않음"""
def cos_mul(vectors, a, b, c):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    to_a, to_b, to_c = ((1 + unit @ unit[i]) / 2 for i in (a, b, c))
    return int((to_b * to_c / (to_a + 0.001)).argmax())
