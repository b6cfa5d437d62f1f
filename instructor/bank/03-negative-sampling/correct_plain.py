"""시그모이드를 식 그대로"""
def negative_sampling(v, right, wrong):
    def s(x):
        return 1 / (1 + np.exp(-x))

    yes, no = s(right @ v), s(wrong @ v)
    loss = -np.log(yes) - np.log(1 - no).sum()
    return loss, (yes - 1) * right + (no[:, None] * wrong).sum(axis=0), (yes - 1) * v, no[:, None] * v
