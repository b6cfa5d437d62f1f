"""길이에서 제곱근을 빠뜨림"""
def cosine(u, v):
    return sum(a * b for a, b in zip(u, v)) / (sum(a * a for a in u) * sum(b * b for b in v))
