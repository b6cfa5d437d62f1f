"""쌍마다 하나씩"""
def classification_loss(U, V, W, labels):
    total = 0.0
    for u, v, label in zip(U, V, labels):
        z = np.concatenate((u, v, abs(u - v))) @ W
        top = z.max()
        total += top + np.log(sum(np.exp(z - top))) - z[label]
    return total / len(U)
