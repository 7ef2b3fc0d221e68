interface ObjectNameProps {
  name: string;
  kind: "user" | "group";
}

/** Who or what an account or group there is of. */
export function ObjectName({ name, kind }: ObjectNameProps) {
  return (
    <span className="identity__lines">
      {name}
      <span className="table__sub">{kind === "group" ? "Group" : "User"}</span>
    </span>
  );
}
