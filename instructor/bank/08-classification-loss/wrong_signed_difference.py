"""차이에 절댓값을 취하지 않음"""
def classification_loss(U, V, W, labels):
    z = np.hstack([U, V, U - V]) @ W
    z = z - z.max(axis=1, keepdims=True)
    return float((np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), labels]).mean())
