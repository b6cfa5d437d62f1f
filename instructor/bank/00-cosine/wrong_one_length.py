"""한 벡터의 길이로만 나눔"""
def cosine(u, v):
    return sum(a * b for a, b in zip(u, v)) / sum(a * a for a in u)
