"""로그를 더하고 빼서"""
def cos_mul(vectors, a, b, c):
    unit = vectors / np.linalg.norm(vectors, axis=1)[:, None]
    moved = np.maximum((unit @ unit[[a, b, c]].T + 1) / 2, 1e-300)
    score = np.log(moved[:, 1]) + np.log(moved[:, 2]) - np.log(moved[:, 0] + 0.001)
    for i in (a, b, c):
        score[i] = -np.inf
    return int(np.argmax(score))
