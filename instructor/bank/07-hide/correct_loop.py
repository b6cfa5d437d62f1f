"""토큰을 하나씩 보며"""
def hide(tokens, chance, fate, any_token, share):
    seen, chosen = list(tokens), [False] * len(tokens)
    for i, token in enumerate(tokens):
        if token > 4 and chance[i] < share:
            chosen[i] = True
            if fate[i] < 0.8:
                seen[i] = 4
            elif fate[i] >= 0.9:
                seen[i] = any_token[i]
    return np.array(seen), np.array(chosen)
