"""로그를 취하지 않고 1에서 정답의 확률을 뺌"""
def classification_loss(U, V, W, labels):
    z = np.hstack([U, V, np.abs(U - V)]) @ W
    z = np.exp(z - z.max(axis=1, keepdims=True))
    return float((1 - z[np.arange(len(z)), labels] / z.sum(axis=1)).mean())
