/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pool/certificate-facts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "core/pool/sighting.h"
#include "core/store/row-text.h"

struct _IssCertificateFacts
{
  GObject         parent_instance;

  /* Owned */
  IssCertificate *certificate;
  IssDetails     *details;
  GArray         *places;        /* (element-type IssCertificatePlace) */
  char           *title;
  char           *issued_by;
  char           *valid_from;
  char           *valid_to;
  char           *fault;         /* (nullable) */
  char          **purposes;
  char           *key;           /* (nullable) */
  char           *use;           /* (nullable) */
  char           *store;

  IssKeyState     key_state;
  gboolean        exportable;
};

G_DEFINE_FINAL_TYPE (IssCertificateFacts, iss_certificate_facts, G_TYPE_OBJECT)

static void
place_clear (gpointer data)
{
  IssCertificatePlace *place = data;

  g_free ((char *) place->server);
  g_free ((char *) place->sentence);
}

static void
iss_certificate_facts_finalize (GObject *object)
{
  IssCertificateFacts *self = ISS_CERTIFICATE_FACTS (object);

  g_clear_object (&self->certificate);
  g_clear_object (&self->details);
  g_clear_pointer (&self->places, g_array_unref);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->issued_by, g_free);
  g_clear_pointer (&self->valid_from, g_free);
  g_clear_pointer (&self->valid_to, g_free);
  g_clear_pointer (&self->fault, g_free);
  g_clear_pointer (&self->purposes, g_strfreev);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->use, g_free);
  g_clear_pointer (&self->store, g_free);

  G_OBJECT_CLASS (iss_certificate_facts_parent_class)->finalize (object);
}

static void
iss_certificate_facts_class_init (IssCertificateFactsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_certificate_facts_finalize;
}

static void
iss_certificate_facts_init (IssCertificateFacts *self)
{
  self->places = g_array_new (FALSE, TRUE, sizeof (IssCertificatePlace));
  g_array_set_clear_func (self->places, place_clear);
}

static const char *
get_text (GVariant   *properties,
          const char *name)
{
  const char *text = "";

  if (properties != NULL)
    g_variant_lookup (properties, name, "&s", &text);

  return text;
}

static guint32
get_number (GVariant   *properties,
            const char *name)
{
  guint32 number = 0;

  if (properties != NULL)
    g_variant_lookup (properties, name, "u", &number);

  return number;
}

static char *
dup_key_sentence (IssCertificateFacts *self,
                  const char          *server)
{
  switch (self->key_state)
    {
    case ISS_KEY_STATE_NONE:
      return g_strdup_printf (_("There is no private key for this certificate on %s."), server);

    case ISS_KEY_STATE_TOKEN:
      return g_strdup_printf (_("You have a private key that corresponds to this certificate: it "
                                "is in a token on %s and cannot be exported."), server);

    case ISS_KEY_STATE_FILE:
      if (self->exportable)
        return g_strdup_printf (_("You have a private key that corresponds to this certificate: "
                                  "it is on %s and may be exported."), server);

      return g_strdup_printf (_("You have a private key that corresponds to this certificate: it "
                                "is on %s and is marked as not exportable."), server);
    }

  g_return_val_if_reached (NULL);
}

static const char *
intent_text (IssIntent intent)
{
  switch (intent)
    {
    case ISS_INTENT_POOL:
      return _("For every server of the pool");

    case ISS_INTENT_SERVER:
      return _("For this server only");

    case ISS_INTENT_UNKNOWN:
      break;
    }

  return "";
}

static const char *
key_text (IssCertificateFacts *self)
{
  if (self->key_state == ISS_KEY_STATE_NONE)
    return _("None");
  if (self->key_state == ISS_KEY_STATE_TOKEN)
    return _("In a token");

  return self->exportable ? _("In a file, exportable") : _("In a file, not exportable");
}

static IssDetails *
make_details (IssCertificateFacts *self,
              IssServer           *server,
              GVariant            *properties,
              const char          *assigned,
              GTimeZone           *zone)
{
  IssStoreName name;
  const char *store = iss_store_name_parse (self->store, &name, NULL)
                        ? iss_store_name_get_label (name) : self->store;
  const IssDetailsProperty all[] =
    {
      { "friendly-name", _("Friendly name"), get_text (properties, "friendly-name") },
      { "description", _("Description"), get_text (properties, "description") },
      { "server", _("Server"), iss_server_get_name (server) },
      { "store", _("Certificate store"), store },
      { "private-key", _("Private key"), key_text (self) },
      { "use", _("Assigned to"), assigned },
      { "intent", _("Meant"), intent_text ((IssIntent) get_number (properties, "intent")) },
      { "origin", _("Came by"), get_text (properties, "origin") },
    };

  return iss_details_new (self->certificate, all, G_N_ELEMENTS (all), zone);
}

static void
write_validity (IssCertificateFacts *self,
                gint64               now,
                GTimeZone           *zone)
{
  gint64 not_before = iss_certificate_get_not_before (self->certificate);
  gint64 not_after = iss_certificate_get_not_after (self->certificate);

  self->valid_from = iss_time_text_date (not_before, zone);
  self->valid_to = iss_time_text_date (not_after, zone);

  if (now > not_after)
    self->fault = g_strdup_printf (_("This certificate has expired: it was valid until %s."),
                                   self->valid_to);
  else if (now < not_before)
    self->fault = g_strdup_printf (_("This certificate is not yet valid: it begins on %s."),
                                   self->valid_from);
}

/* Where it is used it has come further than where it is just held. */
static IssRung
get_rung (IssObservation               *observation,
          const IssObservedCertificate *certificate)
{
  IssRung rung = certificate->rung;

  for (guint i = 0; i < iss_observation_get_n_types (observation); i++)
    {
      const IssObservedType *type = iss_observation_get_type_at (observation, i);

      for (guint j = 0; j < ISS_N_SLOTS; j++)
        {
          if (type->slots[j].is_set && type->slots[j].rung > rung &&
              memcmp (type->slots[j].sha256, certificate->sha256, ISS_SHA256_SIZE) == 0)
            rung = type->slots[j].rung;
        }
    }

  return rung;
}

static char *
dup_there (IssRung     rung,
           const char *age)
{
  if (age == NULL)
    return g_strdup (iss_rung_get_label (rung));

  /* Translators: a state, and when it was seen: "in store (seen 13:41, not answering since …)" */
  return g_strdup_printf (_("%s (%s)"), iss_rung_get_label (rung), age);
}

/* A server that does not answer is never said not to have it now. */
static void
add_place (IssCertificateFacts *self,
           IssServer           *server,
           gint64               now,
           GTimeZone           *zone)
{
  IssObservation *observation = iss_server_get_observation (server);
  const guint8 *sha256 = g_bytes_get_data (iss_certificate_get_sha256 (self->certificate), NULL);
  const IssObservedCertificate *certificate = NULL;
  g_autofree char *age = iss_sighting_dup_age (server, now, zone);
  IssCertificatePlace place = { .verdict = ISS_VERDICT_UNKNOWN };

  place.server = iss_server_dup_short_name (server);
  place.stale = iss_sighting_is_stale (server, now);
  if (observation != NULL)
    certificate = iss_observation_find_certificate (observation, sha256);

  if (certificate == NULL)
    {
      if (observation == NULL && age == NULL)
        place.sentence = g_strdup (_("not looked at yet"));
      else if (age == NULL)
        place.sentence = g_strdup (_("not looked at for it yet"));
      else
        place.sentence = g_strdup_printf (_("not looked at for it (%s)"), age);
    }
  else if (certificate->rung >= ISS_RUNG_IN_STORE)
    {
      place.verdict = ISS_VERDICT_AGREES;
      place.rung = get_rung (observation, certificate);
      place.sentence = dup_there (place.rung, age);
    }
  else
    {
      place.verdict = ISS_VERDICT_MISSING;
      place.sentence = age != NULL ? g_strdup_printf (_("did not have it (%s)"), age)
                                   : g_strdup (_("does not have it"));
    }

  g_array_append_val (self->places, place);
}

static void
write_personal (IssCertificateFacts *self,
                IssServer           *server,
                IssPool             *pool,
                const char          *assigned,
                gint64               now,
                GTimeZone           *zone)
{
  g_autofree char *name = iss_server_dup_short_name (server);

  self->key = dup_key_sentence (self, name);
  self->use = assigned[0] != '\0'
    /* Translators: server, uses: "Assigned on fe01 to OAuthTokenIssuer." */
    ? g_strdup_printf (_("Assigned on %s to %s."), name, assigned)
    : g_strdup_printf (_("Not assigned to anything on %s."), name);

  for (guint i = 0; pool != NULL && i < iss_pool_get_n_servers (pool); i++)
    add_place (self, iss_pool_get_server (pool, i), now, zone);
}

static char *
dup_title (IssCertificate *certificate)
{
  const char *name = iss_certificate_get_issued_to (certificate);

  if (name[0] != '\0')
    return g_strdup (name);

  return g_strdup (_("(no name)"));
}

/**
 * iss_certificate_facts_new:
 * @server: whose certificate it is
 * @pool: (nullable): the pool of @server, for what is known of the others
 * @certificate: the certificate
 * @properties: (nullable): what iss_server_get_certificate_finish() gave with it
 * @now: the time by which it is judged, seconds since 1970
 * @zone: (nullable): the reader's time zone; %NULL is UTC
 *
 * Returns: (transfer full): what there is to say
 */
IssCertificateFacts *
iss_certificate_facts_new (IssServer      *server,
                           IssPool        *pool,
                           IssCertificate *certificate,
                           GVariant       *properties,
                           gint64          now,
                           GTimeZone      *zone)
{
  IssCertificateFacts *self;
  g_autofree char *assigned = NULL;

  g_return_val_if_fail (ISS_IS_SERVER (server), NULL);
  g_return_val_if_fail (pool == NULL || ISS_IS_POOL (pool), NULL);
  g_return_val_if_fail (ISS_IS_CERTIFICATE (certificate), NULL);

  self = g_object_new (ISS_TYPE_CERTIFICATE_FACTS, NULL);
  self->certificate = g_object_ref (certificate);
  self->title = dup_title (certificate);
  self->issued_by = g_strdup (iss_certificate_get_issued_by (certificate));
  self->store = g_strdup (get_text (properties, "store"));
  self->key_state = (IssKeyState) MIN (get_number (properties, "key"), ISS_KEY_STATE_TOKEN);
  if (properties != NULL)
    g_variant_lookup (properties, "exportable", "b", &self->exportable);

  assigned = iss_row_text_assigned (get_text (properties, "assigned"));
  write_validity (self, now, zone);
  if (g_str_equal (self->store, iss_store_name_get_nick (ISS_STORE_MY)))
    write_personal (self, server, pool, assigned, now, zone);
  self->details = make_details (self, server, properties, assigned, zone);
  self->purposes = iss_details_dup_purposes (self->details);

  return self;
}

/**
 * iss_certificate_facts_get_certificate:
 * @self: facts
 *
 * Returns: (transfer none): what they are about
 */
IssCertificate *
iss_certificate_facts_get_certificate (IssCertificateFacts *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_FACTS (self), NULL);

  return self->certificate;
}

/**
 * iss_certificate_facts_get_details:
 * @self: facts
 *
 * Returns: (transfer none): every field
 */
IssDetails *
iss_certificate_facts_get_details (IssCertificateFacts *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_FACTS (self), NULL);

  return self->details;
}

/**
 * iss_certificate_facts_get_title:
 * @self: facts
 *
 * Returns: (transfer none): whom it was issued to, or "(no name)"
 */
const char *
iss_certificate_facts_get_title (IssCertificateFacts *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_FACTS (self), NULL);

  return self->title;
}

/**
 * iss_certificate_facts_get_issued_by:
 * @self: facts
 *
 * Returns: (transfer none): who issued it
 */
const char *
iss_certificate_facts_get_issued_by (IssCertificateFacts *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_FACTS (self), NULL);

  return self->issued_by;
}

/**
 * iss_certificate_facts_get_valid_from:
 * @self: facts
 *
 * Returns: (transfer none): its first day: "1 July 2027"
 */
const char *
iss_certificate_facts_get_valid_from (IssCertificateFacts *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_FACTS (self), NULL);

  return self->valid_from;
}

/**
 * iss_certificate_facts_get_valid_to:
 * @self: facts
 *
 * Returns: (transfer none): its last day
 */
const char *
iss_certificate_facts_get_valid_to (IssCertificateFacts *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_FACTS (self), NULL);

  return self->valid_to;
}

/**
 * iss_certificate_facts_get_fault:
 * @self: facts
 *
 * Returns: (nullable): that it has expired or is not valid yet, as a sentence
 */
const char *
iss_certificate_facts_get_fault (IssCertificateFacts *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_FACTS (self), NULL);

  return self->fault;
}

/**
 * iss_certificate_facts_get_purposes:
 * @self: facts
 *
 * Returns: (transfer none) (array zero-terminated=1): what it is intended for;
 *   empty if for everything
 */
const char *const *
iss_certificate_facts_get_purposes (IssCertificateFacts *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_FACTS (self), NULL);

  return (const char *const *) self->purposes;
}

/**
 * iss_certificate_facts_has_key:
 * @self: facts
 *
 * Returns: whether the server has its private key
 */
gboolean
iss_certificate_facts_has_key (IssCertificateFacts *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_FACTS (self), FALSE);

  return self->key_state != ISS_KEY_STATE_NONE;
}

/**
 * iss_certificate_facts_get_key:
 * @self: facts
 *
 * Returns: (nullable): whether there is a private key, where, and whether it may
 *   be exported, as a sentence; %NULL outside Personal
 */
const char *
iss_certificate_facts_get_key (IssCertificateFacts *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_FACTS (self), NULL);

  return self->key;
}

/**
 * iss_certificate_facts_get_use:
 * @self: facts
 *
 * Returns: (nullable): what it is assigned to there, as a sentence; %NULL
 *   outside Personal
 */
const char *
iss_certificate_facts_get_use (IssCertificateFacts *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_FACTS (self), NULL);

  return self->use;
}

/**
 * iss_certificate_facts_get_store:
 * @self: facts
 *
 * Returns: (transfer none): the nick of its store, "" if that is not known
 */
const char *
iss_certificate_facts_get_store (IssCertificateFacts *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_FACTS (self), NULL);

  return self->store;
}

/**
 * iss_certificate_facts_get_n_places:
 * @self: facts
 *
 * Returns: how many servers there is something to say about
 */
guint
iss_certificate_facts_get_n_places (IssCertificateFacts *self)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_FACTS (self), 0);

  return self->places->len;
}

/**
 * iss_certificate_facts_get_place:
 * @self: facts
 * @index: which one, in the pool's order
 *
 * Returns: (transfer none): what was seen on that server
 */
const IssCertificatePlace *
iss_certificate_facts_get_place (IssCertificateFacts *self,
                                 guint                index)
{
  g_return_val_if_fail (ISS_IS_CERTIFICATE_FACTS (self), NULL);
  g_return_val_if_fail (index < self->places->len, NULL);

  return &g_array_index (self->places, IssCertificatePlace, index);
}
