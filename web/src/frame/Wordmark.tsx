/** The mark: people in a row. With the name beside it unless folded. */
export function Wordmark({ folded }: { folded?: boolean }) {
  return (
    <svg
      viewBox={folded ? "0 0 28 28" : "0 0 118 28"}
      width={folded ? 28 : 118}
      height={28}
      role="img"
      aria-label="Muster"
      fill="none"
    >
      <rect width="28" height="28" rx="7" fill="#0b7a5c" />
      <circle cx="8" cy="8.8" r="2.2" fill="#fff" />
      <circle cx="14" cy="8.8" r="2.2" fill="#fff" />
      <circle cx="20" cy="8.8" r="2.2" fill="#fff" />
      <path d="M8 13.8v6M14 13.8v6M20 13.8v6" stroke="#fff" strokeWidth="2.8" strokeLinecap="round" />
      {!folded && (
        <g stroke="currentColor" strokeWidth="2.3" strokeLinecap="round" strokeLinejoin="round">
          <path d="M39 20V9.2l5.2 6.6 5.2-6.6V20" />
          <path d="M54.2 12.6v4.2a3.4 3.4 0 0 0 6.8 0v-4.2M61 16.8V20" />
          <path d="M71.2 13.6c-.8-.8-1.7-1.1-2.9-1.1-1.6 0-2.7.7-2.7 1.9 0 2.7 5.8 1.2 5.8 3.9 0 1.2-1.2 1.9-2.9 1.9-1.300 0-2.400-.4-3.200-1.300" />
          <path d="M77 8.800v8.400c0 1.800.9 2.800 2.500 2.800.600 0 1-.1 1.500-.3M74.700 12.600h6.100" />
          <path d="M84.900 16.200h6.900c0-2.300-1.300-3.800-3.400-3.800s-3.600 1.600-3.600 3.900 1.500 3.900 3.700 3.900c1.300 0 2.300-.5 3-1.400" />
          <path d="M96.300 20v-7.400M96.300 15.800c0-2 1.300-3.300 3.300-3.300h.6" />
        </g>
      )}
    </svg>
  );
}
