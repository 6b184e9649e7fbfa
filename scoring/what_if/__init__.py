"""What publishing a draft would do on a closed day, before anything is published.

`base` is what the day says whatever the points, gathered once; `judging` scores it for a draft, or for a try, quickly;
`outcome` compares; `reasons` says why. What it lists is what publishing and scoring that day again gives, exactly.
"""
