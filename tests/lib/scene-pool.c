/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lib/scene-pool.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/text.h"

#define POOL "pool01.contoso.example"
#define OAUTH "OAuthTokenIssuer"

/* The certificates of the scenes. */
typedef struct
{
  guint8      byte;
  guint8      ends[6];      /* first four and last two bytes of its hashes */
  const char *issued_to;
  gint64      not_before;
  gint64      not_after;
} SceneCertificate;

static const SceneCertificate certificates[] =
{
  { ISS_SCENE_AUTH,     { 0x3f, 0x2a, 0x91, 0xc0, 0x5b, 0x1e }, "auth.contoso.example",
    1752451200, 1815523200 },   /* to 14 July 2027 */
  { ISS_SCENE_OLD_AUTH, { 0x88, 0xb1, 0x0c, 0x5d, 0x77, 0xa0 }, "old-auth.contoso.example",
    1730505600, 1793577600 },   /* to 2 November 2026 */
  { ISS_SCENE_LAB,      { 0x04, 0xd2, 0x66, 0x1b, 0x9e, 0x3c }, "lab.contoso.example",
    1752451200, 1863561600 },
  { ISS_SCENE_SIP,      { 0xa0, 0x17, 0xee, 0x42, 0x21, 0xd8 }, "sip.contoso.example",
    1752451200, 1846022400 },   /* to 1 July 2028 */
  { ISS_SCENE_NEW_AUTH, { 0x9c, 0x40, 0xd1, 0x73, 0xe2, 0x05 }, "auth-2027.contoso.example",
    1810900000, 1878292800 },   /* to 9 July 2029 */
};

typedef struct
{
  const char         *name;
  guint8              agreed;
  guint8              previous;
} SceneRow;

static const SceneRow scenes[ISS_N_SCENES] =
{
  [ISS_SCENE_GOOD]         = { "good",         ISS_SCENE_AUTH, 0 },
  [ISS_SCENE_MIXED]        = { "mixed",        ISS_SCENE_AUTH, ISS_SCENE_OLD_AUTH },
  [ISS_SCENE_NOT_ASSIGNED] = { "not-assigned", 0, 0 },
  [ISS_SCENE_NOT_AGREED]   = { "not-agreed",   0, 0 },
  [ISS_SCENE_DEAD]         = { "dead",         ISS_SCENE_AUTH, 0 },
  [ISS_SCENE_FIRST_LOOK]   = { "first-look",   0, 0 },
  [ISS_SCENE_EMPTY]        = { "empty",        0, 0 },
};

static const IssSceneSlot uses_auth[] =
{
  { OAUTH,     ISS_SLOT_CURRENT, ISS_SCENE_AUTH, ISS_RUNG_PUBLISHED },
  { "Default", ISS_SLOT_CURRENT, ISS_SCENE_SIP,  ISS_RUNG_PUBLISHED },
};

static const IssSceneSlot uses_auth_after_old[] =
{
  { OAUTH,     ISS_SLOT_CURRENT,  ISS_SCENE_AUTH,     ISS_RUNG_PUBLISHED },
  { OAUTH,     ISS_SLOT_PREVIOUS, ISS_SCENE_OLD_AUTH, ISS_RUNG_IN_STORE },
  { "Default", ISS_SLOT_CURRENT,  ISS_SCENE_SIP,      ISS_RUNG_PUBLISHED },
};

static const IssSceneSlot lacks_auth_after_lab[] =
{
  { OAUTH,     ISS_SLOT_PREVIOUS, ISS_SCENE_LAB,      ISS_RUNG_IN_STORE },
  { "Default", ISS_SLOT_CURRENT,  ISS_SCENE_SIP,      ISS_RUNG_PUBLISHED },
  { NULL,      ISS_SLOT_CURRENT,  ISS_SCENE_AUTH,     ISS_RUNG_NONE },
  { NULL,      ISS_SLOT_CURRENT,  ISS_SCENE_OLD_AUTH, ISS_RUNG_NONE },
};

static const IssSceneSlot lacks_auth[] =
{
  { "Default", ISS_SLOT_CURRENT, ISS_SCENE_SIP,      ISS_RUNG_PUBLISHED },
  { NULL,      ISS_SLOT_CURRENT, ISS_SCENE_AUTH,     ISS_RUNG_NONE },
  { NULL,      ISS_SLOT_CURRENT, ISS_SCENE_OLD_AUTH, ISS_RUNG_NONE },
};

static const IssSceneSlot uses_lab[] =
{
  { OAUTH,     ISS_SLOT_CURRENT, ISS_SCENE_LAB,  ISS_RUNG_PUBLISHED },
  { "Default", ISS_SLOT_CURRENT, ISS_SCENE_SIP,  ISS_RUNG_PUBLISHED },
  { NULL,      ISS_SLOT_CURRENT, ISS_SCENE_AUTH, ISS_RUNG_NONE },
};

static const IssSceneSlot only_default[] =
{
  { "Default", ISS_SLOT_CURRENT, ISS_SCENE_SIP, ISS_RUNG_PUBLISHED },
};

static const SceneCertificate *
find_certificate (guint8 byte)
{
  for (gsize i = 0; i < G_N_ELEMENTS (certificates); i++)
    {
      if (certificates[i].byte == byte)
        return &certificates[i];
    }

  g_assert_not_reached ();
}

static void
fill_hash (guint8  certificate,
           guint8 *hash,
           gsize   size)
{
  const guint8 *ends = find_certificate (certificate)->ends;

  memset (hash, certificate, size);
  memcpy (hash, ends, 4);
  memcpy (hash + size - 2, ends + 4, 2);
}

static GVariant *
new_hash (guint8 certificate,
          gsize  size)
{
  guint8 hash[ISS_SHA256_SIZE] = { 0 };

  if (certificate != 0)
    fill_hash (certificate, hash, size);

  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, hash, certificate != 0 ? size : 0, 1);
}

static const IssSceneSlot *
find_slot (const IssSceneSlot *slots,
           guint               n_slots,
           const char         *type,
           guint               slot)
{
  for (guint i = 0; i < n_slots; i++)
    {
      if (slots[i].slot == slot && g_strcmp0 (slots[i].type, type) == 0)
        return &slots[i];
    }

  return NULL;
}

static void
add_type (GVariantBuilder    *types,
          const IssSceneSlot *all,
          guint               n_slots,
          const char         *type)
{
  GVariantBuilder slots;

  g_variant_builder_init (&slots, G_VARIANT_TYPE ("a(ayux)"));
  for (guint slot = 0; slot < ISS_N_SLOTS; slot++)
    {
      const IssSceneSlot *found = find_slot (all, n_slots, type, slot);

      g_variant_builder_add (&slots, "(@ayux)",
                             new_hash (found != NULL ? found->certificate : 0, ISS_SHA256_SIZE),
                             (guint32) (found != NULL ? found->rung : 0),
                             found != NULL ? found->instant : (gint64) 0);
    }

  g_variant_builder_add (types, "(sstta(ayux))", type, "local", (guint64) 1, (guint64) 1, &slots);
}

/**
 * iss_scene_pool_observe:
 * @time: the server's time
 * @slots: what it shows
 * @n_slots: how many
 *
 * Returns: (transfer full): what a look at such a server sees
 */
IssObservation *
iss_scene_pool_observe (gint64              time,
                        const IssSceneSlot *slots,
                        guint               n_slots)
{
  g_autoptr(GHashTable) types_done = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) done = g_hash_table_new (NULL, NULL);
  g_autoptr(GVariant) variant = NULL;
  g_autoptr(GError) error = NULL;
  IssObservation *observation;
  GVariantBuilder types;
  GVariantBuilder held;
  GVariantDict dict;

  g_variant_builder_init (&types, G_VARIANT_TYPE ("a(sstta(ayux))"));
  g_variant_builder_init (&held, G_VARIANT_TYPE ("a(ayayssssxxuuu)"));

  for (guint i = 0; i < n_slots; i++)
    {
      const SceneCertificate *certificate = find_certificate (slots[i].certificate);
      gboolean absent = slots[i].rung < ISS_RUNG_IN_STORE;
      gboolean is_oauth = slots[i].type == NULL || g_str_equal (slots[i].type, OAUTH);

      if (slots[i].type != NULL && g_hash_table_add (types_done, (gpointer) slots[i].type))
        add_type (&types, slots, n_slots, slots[i].type);

      if (!g_hash_table_add (done, GUINT_TO_POINTER (slots[i].certificate)))
        continue;

      g_variant_builder_add (&held, "(@ay@ayssssxxuuu)",
                             new_hash (certificate->byte, ISS_SHA256_SIZE),
                             new_hash (certificate->byte, ISS_SHA1_SIZE),
                             absent ? "" : certificate->issued_to,
                             absent ? "" : "Contoso CA", "", absent ? "" : "manual",
                             absent ? (gint64) 0 : certificate->not_before,
                             absent ? (gint64) 0 : certificate->not_after,
                             (guint32) (absent ? 0 : ISS_KEY_STATE_FILE),
                             (guint32) (absent ? ISS_INTENT_UNKNOWN
                                        : is_oauth && certificate->byte == ISS_SCENE_AUTH
                                          ? ISS_INTENT_POOL : ISS_INTENT_SERVER),
                             (guint32) slots[i].rung);
    }

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "time", "x", time);
  g_variant_dict_insert_value (&dict, "types", g_variant_builder_end (&types));
  g_variant_dict_insert_value (&dict, "certificates", g_variant_builder_end (&held));
  variant = g_variant_ref_sink (g_variant_dict_end (&dict));

  observation = iss_observation_from_variant (variant, &error);
  g_assert_no_error (error);

  return observation;
}

/**
 * iss_scene_pool_add_server:
 * @pool: a pool
 * @name: the server's host name
 *
 * Returns: (transfer none): a server that nobody has looked at, in @pool
 */
IssServer *
iss_scene_pool_add_server (IssPool    *pool,
                           const char *name)
{
  g_autofree char *uri = g_strdup_printf ("ssh://issuant@%s", name);
  g_autoptr(IssConnectionAddress) address = iss_connection_address_parse (uri, NULL);
  g_autoptr(IssLaunch) launch = iss_launch_new ("/nonexistent/issuant-agent");
  g_autoptr(IssServer) server = NULL;

  server = iss_server_new (name, address, launch, iss_pool_get_clock (pool));
  iss_pool_add_server (pool, server);

  return server;
}

static void
see (IssServer          *server,
     const IssSceneSlot *slots,
     guint               n_slots,
     gint64              at)
{
  g_autoptr(IssObservation) observation = iss_scene_pool_observe (at, slots, n_slots);

  iss_server_set_last_seen (server, observation, at, 0);
  iss_server_set_answering (server, 0.2, "0.1", "operator");
}

/**
 * iss_scene_pool_say:
 * @server: a server that was seen
 * @members: an a{sv} as text
 *
 * Has the server be seen as it was before, but with these members of what it says.
 */
void
iss_scene_pool_say (IssServer  *server,
                    const char *members)
{
  g_autoptr(GVariant) seen =
    g_variant_ref_sink (iss_observation_to_variant (iss_server_get_observation (server)));
  g_autoptr(GVariant) added = NULL;
  g_autoptr(GVariant) whole = NULL;
  g_autoptr(IssObservation) observation = NULL;
  g_autoptr(GError) error = NULL;
  GVariantDict dict;
  GVariantIter iter;
  const char *key;
  GVariant *value;

  added = g_variant_parse (G_VARIANT_TYPE_VARDICT, members, NULL, NULL, &error);
  g_assert_no_error (error);
  g_variant_dict_init (&dict, seen);
  g_variant_iter_init (&iter, added);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    g_variant_dict_insert_value (&dict, key, value);
  whole = g_variant_ref_sink (g_variant_dict_end (&dict));
  observation = iss_observation_from_variant (whole, &error);
  g_assert_no_error (error);
  iss_server_set_last_seen (server, observation, iss_server_get_seen_at (server), 0);
}

/**
 * iss_scene_pool_fail:
 * @server: a server
 *
 * Has @server not answer, the third time, since %ISS_SCENE_FAILED.
 */
void
iss_scene_pool_fail (IssServer *server)
{
  g_autoptr(GError) error = NULL;

  error = g_error_new (ISS_ERROR, ISS_ERROR_UNREACHABLE,
                       "ssh: connect to host %s port 22: Connection refused",
                       iss_server_get_name (server));
  for (guint i = 0; i < 3; i++)
    iss_server_set_failed (server, error, ISS_SCENE_FAILED);
}

/**
 * iss_scene_pool_dup_sha256:
 * @certificate: one of the scenes' certificates
 *
 * Returns: (transfer full): its SHA-256 in hex
 */
char *
iss_scene_pool_dup_sha256 (guint8 certificate)
{
  guint8 hash[ISS_SHA256_SIZE];

  fill_hash (certificate, hash, sizeof hash);
  return iss_text_hex (hash, sizeof hash, FALSE);
}

/**
 * iss_scene_pool_agree:
 * @pool: a pool
 * @current: what is agreed
 * @previous: what was agreed before; 0 = nothing
 */
void
iss_scene_pool_agree (IssPool *pool,
                      guint8   current,
                      guint8   previous)
{
  g_autofree char *hex = iss_scene_pool_dup_sha256 (current);
  g_autofree char *previous_hex = NULL;
  IssAgreed agreed = { .by = (char *) "alice", .at = ISS_SCENE_NOW - 1000 };

  if (previous != 0)
    previous_hex = iss_scene_pool_dup_sha256 (previous);
  agreed.sha256_hex = hex;
  agreed.previous_sha256_hex = previous_hex;
  iss_pool_set_agreed (pool, OAUTH, &agreed);
}

static IssPool *
make_pool (void)
{
  static const char *const domains[] = { "contoso.example", NULL };
  g_autoptr(IssClock) clock = iss_clock_new_fixed (ISS_SCENE_NOW);

  return iss_pool_new (POOL, domains, clock);
}

/**
 * iss_scene_pool_get_name:
 * @scene: a scene
 *
 * Returns: (transfer none): its name, for tests and pictures
 */
const char *
iss_scene_pool_get_name (IssScene scene)
{
  g_assert_cmpuint (scene, <, ISS_N_SCENES);

  return scenes[scene].name;
}

/**
 * iss_scene_pool_new:
 * @scene: a scene
 *
 * Returns: (transfer full): pool01.contoso.example with fe01 to fe03 as in
 *   @scene; its clock stands at %ISS_SCENE_NOW
 */
IssPool *
iss_scene_pool_new (IssScene scene)
{
  IssPool *pool = make_pool ();
  IssServer *servers[3];

  if (scene == ISS_SCENE_EMPTY)
    return pool;

  servers[0] = iss_scene_pool_add_server (pool, "fe01.contoso.example");
  servers[1] = iss_scene_pool_add_server (pool, "fe02.contoso.example");
  servers[2] = iss_scene_pool_add_server (pool, "fe03.contoso.example");

  if (scenes[scene].agreed != 0)
    iss_scene_pool_agree (pool, scenes[scene].agreed, scenes[scene].previous);

  switch (scene)
    {
    case ISS_SCENE_GOOD:
    case ISS_SCENE_DEAD:
      for (guint i = 0; i < 3; i++)
        see (servers[i], uses_auth, G_N_ELEMENTS (uses_auth),
             scene == ISS_SCENE_DEAD ? ISS_SCENE_SEEN : ISS_SCENE_NOW);
      for (guint i = 0; i < 3 && scene == ISS_SCENE_DEAD; i++)
        iss_scene_pool_fail (servers[i]);
      break;

    case ISS_SCENE_MIXED:
      see (servers[0], uses_auth_after_old, G_N_ELEMENTS (uses_auth_after_old), ISS_SCENE_NOW);
      see (servers[1], lacks_auth_after_lab, G_N_ELEMENTS (lacks_auth_after_lab), ISS_SCENE_NOW);
      see (servers[2], lacks_auth, G_N_ELEMENTS (lacks_auth), ISS_SCENE_SEEN);
      iss_scene_pool_fail (servers[2]);
      break;

    case ISS_SCENE_NOT_ASSIGNED:
      for (guint i = 0; i < 3; i++)
        see (servers[i], only_default, G_N_ELEMENTS (only_default), ISS_SCENE_NOW);
      break;

    case ISS_SCENE_NOT_AGREED:
      see (servers[0], uses_auth, G_N_ELEMENTS (uses_auth), ISS_SCENE_NOW);
      see (servers[1], uses_lab, G_N_ELEMENTS (uses_lab), ISS_SCENE_NOW);
      see (servers[2], uses_auth, G_N_ELEMENTS (uses_auth), ISS_SCENE_NOW);
      break;

    case ISS_SCENE_FIRST_LOOK:
    case ISS_SCENE_EMPTY:
    case ISS_N_SCENES:
      break;
    }

  return pool;
}

/**
 * iss_scene_pool_new_large:
 * @n_servers: how many
 *
 * Returns: (transfer full): a pool in which every third server lacks the agreed
 *   certificate
 */
IssPool *
iss_scene_pool_new_large (guint n_servers)
{
  IssPool *pool = make_pool ();

  iss_scene_pool_agree (pool, ISS_SCENE_AUTH, ISS_SCENE_OLD_AUTH);

  for (guint i = 0; i < n_servers; i++)
    {
      g_autofree char *name = g_strdup_printf ("fe%02u.contoso.example", i + 1);
      IssServer *server = iss_scene_pool_add_server (pool, name);

      if (i % 3 == 2)
        see (server, lacks_auth, G_N_ELEMENTS (lacks_auth), ISS_SCENE_NOW);
      else
        see (server, uses_auth, G_N_ELEMENTS (uses_auth), ISS_SCENE_NOW);
    }

  return pool;
}
