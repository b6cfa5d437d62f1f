"""코사인 유사도가 아니라 코사인 거리(1 − 코사인)를 돌려줌"""
def cosine(u, v):
    u, v = np.asarray(u), np.asarray(v)
    return 1 - u @ v / (np.linalg.norm(u) * np.linalg.norm(v))
