"""logaddexp.reduce로 넘치지 않게"""
def classification_loss(U, V, W, labels):
    third = len(W) // 3
    z = U @ W[:third] + V @ W[third:2 * third] + np.abs(U - V) @ W[2 * third:]
    right = np.take_along_axis(z, np.asarray(labels)[:, None], axis=1)[:, 0]
    return float(np.mean(np.logaddexp.reduce(z, axis=1) - right))
