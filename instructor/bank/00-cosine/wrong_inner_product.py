"""내적을 코사인으로 착각: 길이로 나누지 않음"""
def cosine(u, v):
    return sum(a * b for a, b in zip(u, v))
