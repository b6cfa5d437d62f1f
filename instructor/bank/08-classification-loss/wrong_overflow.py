"""가장 큰 점수를 빼지 않아 exp가 넘침"""
def classification_loss(U, V, W, labels):
    z = np.hstack([U, V, np.abs(U - V)]) @ W
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    return float(-np.log(p[np.arange(len(p)), labels]).mean())
