"""한 행씩 점수를 내고 max로"""
def cos_mul(vectors, a, b, c):
    def s(i, j):
        return (1 + vectors[i] @ vectors[j] / (np.linalg.norm(vectors[i]) * np.linalg.norm(vectors[j]))) / 2

    others = [i for i in range(len(vectors)) if i not in (a, b, c)]
    return max(others, key=lambda i: s(i, b) * s(i, c) / (s(i, a) + 0.001))
