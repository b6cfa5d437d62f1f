"""차원을 하나씩 돌며"""
def free_bits(kl, nats):
    total = 0.0
    for j in range(kl.shape[1]):
        total += max(nats, kl[:, j].sum() / len(kl))
    return total
